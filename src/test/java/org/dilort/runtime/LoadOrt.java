package org.dilort.runtime;

import org.dilort.error.UserException;

/** A process of its own that loads ONNX Runtime and prints what came of it: a JVM can load the library only once. */
final class LoadOrt {

    private LoadOrt() {}

    public static void main(String[] args) {
        try {
            System.out.println("training enabled: " + OrtNatives.environment().isTrainingEnabled());
        } catch (UserException e) {
            System.out.println("user error: " + e.getMessage());
        }
    }
}
