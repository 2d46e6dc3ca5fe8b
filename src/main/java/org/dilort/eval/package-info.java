/** What a finished model, of either kind of folder, is worth: scores of pairs, answers checked. */
@NullMarked
package org.dilort.eval;

import org.jspecify.annotations.NullMarked;
