/**
 * What leaves a run: the aligned model as a Hugging Face folder and as a serving folder, and decoding from the latter.
 */
@NullMarked
package org.dilort.export;

import org.jspecify.annotations.NullMarked;
