/** Tells other programs how a run goes: listeners of the training loop that write what those programs read. */
@NullMarked
package org.dilort.monitor;

import org.jspecify.annotations.NullMarked;
