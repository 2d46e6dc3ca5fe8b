/** What a run left in its folder, as a page for people: written at the end, served while it goes on, or laid over others. */
@NullMarked
package org.dilort.report;

import org.jspecify.annotations.NullMarked;
