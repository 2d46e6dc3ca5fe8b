/** Who says which of two answers is better: a program, a model's implicit reward, another server; and what comes of it. */
@NullMarked
package org.dilort.judge;

import org.jspecify.annotations.NullMarked;
