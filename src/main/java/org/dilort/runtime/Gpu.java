package org.dilort.runtime;

/**
 * A GPU as its driver describes it.
 *
 * @param name as NVIDIA sells it
 * @param driver the driver's version
 */
public record Gpu(int ordinal, String name, String driver, long memoryBytes) {

    @Override
    public String toString() {
        return "GPU " + ordinal + ": " + name + ", " + (memoryBytes >> 20) + " MiB, driver " + driver;
    }
}
