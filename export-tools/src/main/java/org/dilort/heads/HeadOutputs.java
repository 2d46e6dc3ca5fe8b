package org.dilort.heads;

import org.dilort.onnx.Value;

/**
 * What a head gives.
 *
 * @param losses {@code [pairs, 1]}
 * @param chosenRewards {@code [pairs, 1]}
 * @param rejectedRewards {@code [pairs, 1]}
 */
public record HeadOutputs(Value losses, Value chosenRewards, Value rejectedRewards) {}
