package org.dilort.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err mistakes and warnings
 * @param interactive whether {@code out} is a terminal, where a line may be rewritten
 */
public record Console(PrintStream out, PrintStream err, boolean interactive) {}
