package org.dilort.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Linux says of this machine and process: how much of the CPUs others took, and the most memory that was resident.
 * Other systems have no such files; then the numbers are -1.
 *
 * @param proc {@code /proc}
 */
public record HostLoad(Path proc) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /** user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int COUNTED = 8;

    /** After the command's name: state is field 0, user time 11, system time 12. */
    private static final int USER_TIME = 11;

    /** CPU seconds that all processes but this one have taken since the system started. */
    public double othersSeconds() {
        List<String> machine = lines("stat");
        List<String> own = lines("self/stat");
        if (machine.isEmpty() || own.isEmpty()) {
            return -1;
        }
        String[] fields = machine.get(0).trim().split("\\s+");
        double busy = 0;
        for (int i = 0; i < COUNTED; i++) {
            busy += i == IDLE || i == IO_WAIT ? 0 : Double.parseDouble(fields[i + 1]);
        }
        String line = own.get(0);
        String[] process = line.substring(line.lastIndexOf(')') + 2).split(" ");
        double mine = Double.parseDouble(process[USER_TIME]) + Double.parseDouble(process[USER_TIME + 1]);
        return (busy - mine) / TICKS_PER_SECOND;
    }

    /** The most memory that this process had resident, in MiB. */
    public long peakRssMib() {
        return lines("self/status").stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(-1);
    }

    private List<String> lines(String file) {
        try {
            Path path = proc.resolve(file);
            return Files.isReadable(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
