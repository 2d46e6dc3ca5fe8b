package org.dilort.doctor;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.StateNames;
import org.dilort.model.Parameter;
import org.dilort.train.Checkpoint;
import org.dilort.train.StepReport;
import org.dilort.weights.WeightType;

/**
 * A trained parameter whose optimizer state is still all zero in the first checkpoint never had a gradient. Its state is
 * read up to the first value that is not zero, so this costs next to nothing; rows of an embedding that no token used do
 * not matter. At least {@value #UPDATES} updates must have been applied: the first leaves half of a LoRA pair without a
 * gradient, since the other half begins as zero. Nothing is said for SGD without momentum, which keeps no state, for
 * Adafactor, whose state is never zero, and of tensors above 2 GiB.
 */
final class GradientFlowRule implements Rule {
    private static final int UPDATES = 2;
    private static final int NAMED = 3;

    private final List<Parameter> parameters;
    private final Optimizer optimizer;
    private long updates;
    private boolean looked;

    GradientFlowRule(List<Parameter> parameters, Optimizer optimizer) {
        this.parameters = List.copyOf(parameters);
        this.optimizer = optimizer;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        updates = report.state().appliedUpdates();
        return Optional.empty();
    }

    @Override
    public Optional<Remark> afterCheckpoint(long step, Path folder) {
        if (looked || updates < UPDATES) {
            return Optional.empty();
        }
        looked = true;
        try (CheckpointReader state = CheckpointReader.open(Checkpoint.policyFile(folder))) {
            List<String> without = parameters.stream()
                    .filter(parameter -> untouched(state, parameter))
                    .map(Parameter::name)
                    .toList();
            return without.isEmpty() ? Optional.empty() : Optional.of(remark(step, without));
        }
    }

    private Remark remark(long step, List<String> without) {
        String names = String.join(", ", without.subList(0, Math.min(NAMED, without.size())));
        return Topic.PARAMETER_WITHOUT_GRADIENT.warning(
                step,
                without.size() + " of " + parameters.size() + " trained parameters had no gradient in " + updates
                        + " updates, expected none (" + names + (without.size() > NAMED ? ", ..." : "")
                        + "): the loss does not depend on them; look whether the model uses them, or leave them out of"
                        + " model.lora.targets");
    }

    private boolean untouched(CheckpointReader state, Parameter parameter) {
        List<Optimizer.StateTensor> kept = optimizer.state(parameter);
        return !kept.isEmpty()
                && kept.stream().allMatch(tensor -> zero(state, StateNames.of(parameter.name(), tensor.kind())));
    }

    private static boolean zero(CheckpointReader state, String name) {
        if (state.info(name).bytes() > Integer.MAX_VALUE || state.info(name).type() != WeightType.F32) {
            return false;
        }
        FloatBuffer values = state.map(name).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            if (values.get() != 0) {
                return false;
            }
        }
        return true;
    }
}
