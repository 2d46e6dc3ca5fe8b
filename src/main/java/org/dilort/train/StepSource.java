package org.dilort.train;

/** The steps of a run. A step depends on its number alone, so a resumed run sees what an uninterrupted one would. */
public interface StepSource {

    /** Steps of the whole run, over all epochs. */
    long steps();

    /** The step with this number, 1 to {@link #steps}; the loop asks for each once, in order. */
    Step step(long number);
}
