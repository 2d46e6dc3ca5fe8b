/**
 * Files of every format that preference data comes in, as JSON objects with the place where each was read. Nothing here
 * knows what the objects mean. Files are streamed, with limits on whatever a reader would have to hold; every mistake
 * in a file is a {@link org.dilort.error.DataException} that names the place.
 */
@NullMarked
package org.dilort.input;

import org.jspecify.annotations.NullMarked;
