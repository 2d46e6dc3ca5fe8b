package org.dilort.train;

/** The best value of a metric so far, and the step whose evaluation gave it. */
public record Best(double value, long step) {}
