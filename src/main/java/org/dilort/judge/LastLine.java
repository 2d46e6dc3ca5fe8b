package org.dilort.judge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Reads what a program writes, in a thread of its own, and keeps its end: however much it is, the program never waits. */
final class LastLine {
    private static final int KEPT_BYTES = 2000;
    private static final int BUFFER_BYTES = 8192;

    private final Thread reader;
    private byte[] end = new byte[0];

    LastLine(InputStream in) {
        this.reader = new Thread(() -> read(in), "judge-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (in) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                keep(buffer, count);
            }
        } catch (IOException e) {
            keep(new byte[0], 0); // the program was killed: what was read before is all there is
        }
    }

    private synchronized void keep(byte[] buffer, int count) {
        byte[] all = Arrays.copyOf(end, end.length + count);
        System.arraycopy(buffer, 0, all, end.length, count);
        end = Arrays.copyOfRange(all, Math.max(0, all.length - KEPT_BYTES), all.length);
    }

    /** Until the program's output ends, or not so long. */
    void await(Duration limit) throws InterruptedException {
        reader.join(limit.toMillis());
    }

    /** {@code ; it wrote: LINE} of the last line that is not blank. */
    synchronized String told() {
        String text = new String(end, StandardCharsets.UTF_8);
        return text.lines()
                .map(line -> line.replaceAll("\\p{Cntrl}", "?").strip())
                .filter(line -> !line.isEmpty())
                .reduce((first, second) -> second)
                .map(line -> "; it wrote: " + line)
                .orElse("; it wrote nothing");
    }
}
