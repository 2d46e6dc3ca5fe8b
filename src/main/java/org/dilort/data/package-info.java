/**
 * From preference files to micro-batches: reading, tokenising, cutting to length, packing into rows, and the order in
 * which a run sees its pairs. Nothing here knows a model; every mistake in a file is a
 * {@link org.dilort.error.DataException} that names the file and the line.
 */
@NullMarked
package org.dilort.data;

import org.jspecify.annotations.NullMarked;
