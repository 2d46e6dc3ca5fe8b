/** Parquet files through Carpet, whose libraries a build may leave out; nothing refers to this package but a service file. */
@NullMarked
package org.dilort.parquet;

import org.jspecify.annotations.NullMarked;
