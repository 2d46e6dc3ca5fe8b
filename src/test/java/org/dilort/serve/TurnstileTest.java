package org.dilort.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TurnstileTest {

    @Test
    void refusesWhomItHasNoPlaceFor() throws InterruptedException {
        Turnstile turnstile = new Turnstile(1, 0);
        turnstile.enter();

        assertThat(turnstile.running()).isEqualTo(1);
        assertThatThrownBy(turnstile::enter)
                .isInstanceOf(RequestException.class)
                .hasMessage("busy: 1 answers are made and 0 requests wait");
        assertThat(turnstile.waiting()).isZero();

        turnstile.leave();
        assertThat(turnstile.running()).isZero();
        turnstile.enter();
    }

    @Test
    void lettingOneGoLetsTheNextIn() throws Exception {
        Turnstile turnstile = new Turnstile(1, 1);
        turnstile.enter();
        Thread second = new Thread(() -> {
            try {
                turnstile.enter();
                turnstile.leave();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        second.start();
        while (turnstile.waiting() == 0 && second.isAlive()) {
            Thread.onSpinWait();
        }
        turnstile.leave();
        second.join(60_000);

        assertThat(second.isAlive()).isFalse();
        assertThat(turnstile.running()).isZero();
    }
}
