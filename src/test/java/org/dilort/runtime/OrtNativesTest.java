package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrtNativesTest {

    @Test
    void loadsALibraryThatTrains() {
        assertThat(OrtNatives.environment().isTrainingEnabled()).isTrue();
    }
}
