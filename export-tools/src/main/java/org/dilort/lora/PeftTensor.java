package org.dilort.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.dilort.model.Parameter;

/**
 * A tensor of an adapter folder.
 *
 * @param name in the file
 * @param parameter of the adapted model
 */
public record PeftTensor(String name, String parameter, List<Long> shape) {

    public PeftTensor {
        shape = List.copyOf(shape);
    }

    /** What a folder for this model holds; a tied embedding that is trained whole also under the head's name. */
    public static List<PeftTensor> of(AdaptedModel model) {
        List<PeftTensor> tensors = new ArrayList<>();
        String tied = tiedHead(model);
        for (Parameter parameter : model.parameters()) {
            List<Long> shape =
                    LongStream.of(parameter.shape().toArray()).boxed().toList();
            tensors.add(new PeftTensor(PeftAdapter.PREFIX + parameter.name(), parameter.name(), shape));
            if (parameter.name().equals(tied)) {
                tensors.add(new PeftTensor(PeftAdapter.PREFIX + Adapters.HEAD, parameter.name(), shape));
            }
        }
        return tensors;
    }

    /** The table that the vocabulary projection shares, where there is none of its own; else empty. */
    static String tiedHead(AdaptedModel model) {
        String head = ModelLayers.of(model.base()).head();
        return model.base().parameters().get(0).name().equals(head) ? head : "";
    }
}
