package org.dilort.autodiff;

/** The gradient of one operator: given those of its outputs, hands on those of its inputs. */
interface Rule {
    void apply(Backward backward);
}
