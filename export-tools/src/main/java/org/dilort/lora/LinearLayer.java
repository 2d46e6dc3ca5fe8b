package org.dilort.lora;

import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Layout;

/** A linear layer inside a block, {@code [tokens, in] -> [tokens, out]}. */
public record LinearLayer(String module, long in, long out, Layout layout) {

    static LinearLayer of(String module, Parameter weight) {
        long rows = weight.shape().dim(0).value();
        long columns = weight.shape().dim(1).value();
        return switch (weight.layout()) {
            case OUT_IN -> new LinearLayer(module, columns, rows, weight.layout());
            case IN_OUT -> new LinearLayer(module, rows, columns, weight.layout());
        };
    }

    /** Which output the element at this index of the stored weight belongs to. */
    int outputOf(long index) {
        return (int)
                switch (layout) {
                    case OUT_IN -> index / in;
                    case IN_OUT -> index % out;
                };
    }

    public String weight() {
        return module + ".weight";
    }
}
