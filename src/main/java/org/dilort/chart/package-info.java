/** Line charts as SVG text: deterministic, and readable on light and dark pages; tables as plain text. */
@NullMarked
package org.dilort.chart;

import org.jspecify.annotations.NullMarked;
