package org.dilort.template;

import java.util.List;

/** What a value is given to. */
sealed interface Target {

    void assign(Value value, Evaluation evaluation);

    record ToName(String name) implements Target {
        @Override
        public void assign(Value value, Evaluation evaluation) {
            evaluation.scope().set(name, value);
        }
    }

    /** {@code namespace.attribute}. */
    record ToAttribute(String namespace, String attribute) implements Target {
        @Override
        public void assign(Value value, Evaluation evaluation) {
            Value owner = evaluation.scope().get(namespace).orElseGet(() -> Undefined.name(namespace));
            if (!(owner instanceof Namespace target)) {
                throw Fault.evaluation("cannot assign attribute on non-namespace object '" + namespace + "'");
            }
            target.set(attribute, value);
        }
    }

    record ToTuple(List<Target> targets) implements Target {
        @Override
        public void assign(Value value, Evaluation evaluation) {
            List<Value> values = value.elements(evaluation.budget());
            if (values.size() > targets.size()) {
                throw Fault.evaluation("too many values to unpack (expected " + targets.size() + ")");
            }
            if (values.size() < targets.size()) {
                throw Fault.evaluation(
                        "not enough values to unpack (expected " + targets.size() + ", got " + values.size() + ")");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(values.get(i), evaluation);
            }
        }
    }
}
