/**
 * Reverse-mode differentiation of graphs: one table from operator to rule ({@link org.dilort.autodiff.Rules}), and one
 * walk ({@link org.dilort.autodiff.Tape}) that does what all rules share.
 */
package org.dilort.autodiff;
