/** What a finished model, of either kind of folder, is worth: scores of pairs, preference metrics, answers checked. */
@NullMarked
package org.dilort.eval;

import org.jspecify.annotations.NullMarked;
