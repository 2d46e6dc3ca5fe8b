package org.dilort.report;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.dilort.error.ConfigException;
import org.dilort.error.UserException;
import org.dilort.net.HostPort;
import org.dilort.net.ReadOnlyServer;
import org.dilort.net.ReadOnlyServer.Reply;

/**
 * Serves the page of a run that is going on: {@code GET /}, and {@code GET /events}, server-sent events whose data are the
 * page's sections anew, as a JSON text, whenever they changed. It only reads, and never takes the folder's lock.
 */
public final class WatchServer implements AutoCloseable {
    /** Every open page holds one. */
    private static final int THREADS = 32;

    private final Path folder;
    private final Duration interval;
    private final ReadOnlyServer http;
    private volatile boolean closed;

    private WatchServer(Path folder, Duration interval, InetSocketAddress address) throws IOException {
        this.folder = folder;
        this.interval = interval;
        this.http = ReadOnlyServer.start(address, THREADS, Map.of("/", this::page, "/events", this::events));
    }

    /**
     * Serves until it is closed.
     *
     * @param interval between looks at the folder
     * @throws org.dilort.error.DataException for a folder that no run has written
     * @throws ConfigException where the address cannot be had
     */
    public static WatchServer start(Path folder, InetSocketAddress address, Duration interval) {
        RunRecord.requireRun(folder);
        try {
            return new WatchServer(folder, interval, address);
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + HostPort.text(address) + ": " + e.getMessage());
        }
    }

    /** With the port that was taken where 0 was asked for. */
    public InetSocketAddress address() {
        return http.address();
    }

    private Reply page() {
        try {
            RunRecord run = RunRecord.read(folder);
            return new Reply.Text(
                    200, "text/html", Page.of(run.name() + " – dil-ort", RunPage.of(run), Page.Life.LIVE));
        } catch (UserException e) {
            return new Reply.Text(503, "text/plain", e.getMessage() + "\n");
        }
    }

    private Reply events() {
        return new Reply.Stream("text/event-stream", this::write);
    }

    /** Ends when the page goes away or the server is closed. */
    private void write(OutputStream out) throws IOException {
        Metrics metrics = Metrics.of(folder.resolve(RunRecord.METRICS));
        String sent = "";
        while (!closed) {
            String sections = sections(metrics, sent);
            String event = sections.equals(sent) ? ":\n\n" : "data: " + TextNode.valueOf(sections) + "\n\n";
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            sent = sections;
            if (!pause()) {
                return;
            }
        }
    }

    /** As they are now; {@code otherwise} while the folder cannot be read, as for a moment when it is moved. */
    private String sections(Metrics metrics, String otherwise) {
        try {
            return RunPage.of(RunRecord.read(folder, metrics));
        } catch (UserException e) {
            return otherwise;
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(interval.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        http.close();
    }
}
