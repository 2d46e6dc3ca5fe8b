package org.dilort.job;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.config.ConfigWriter;
import org.dilort.config.ListenAddress;
import org.dilort.config.LogConfig;
import org.dilort.config.MlflowConfig;
import org.dilort.error.ConfigException;
import org.dilort.monitor.MlflowLog;
import org.dilort.monitor.Monitor;
import org.dilort.monitor.PrometheusLog;
import org.dilort.monitor.TensorBoardLog;
import org.dilort.net.HostPort;
import org.dilort.train.TrainingListener;

/** The listeners that tell other programs of a run, as the section {@code log} asks for them. */
final class Monitors implements AutoCloseable {
    private static final Duration SERVER_LIMIT = Duration.ofSeconds(10);

    private final List<Monitor> open = new ArrayList<>();

    /** @param environment has what MLflow's server is to know its users by */
    static Monitors open(RunContext run, Map<String, String> environment) {
        Monitors monitors = new Monitors();
        try {
            monitors.openAll(run, environment);
            return monitors;
        } catch (RuntimeException e) {
            monitors.close();
            throw e;
        }
    }

    private void openAll(RunContext run, Map<String, String> environment) {
        LogConfig log = run.config().log();
        if (log.prometheus() instanceof ListenAddress.At at) {
            PrometheusLog prometheus = PrometheusLog.open(address(at), name(run), Clock.systemUTC());
            open.add(prometheus);
            run.output().line("metrics: http://" + HostPort.text(prometheus.address()) + "/metrics");
        }
        if (log.mlflow().enabled()) {
            open.add(MlflowLog.open(settings(run), environment, Clock.systemUTC(), run.output()::warn));
        }
        if (log.tensorboard()) {
            open.add(TensorBoardLog.open(run.folder().tensorboard(), Clock.systemUTC()));
        }
    }

    private static InetSocketAddress address(ListenAddress.At at) {
        try {
            return new InetSocketAddress(InetAddress.getByName(at.host()), at.port());
        } catch (UnknownHostException e) {
            throw new ConfigException(
                    "log.prometheus: got " + at.text() + ", expected a name or address of this machine", e);
        }
    }

    private static MlflowLog.Settings settings(RunContext run) {
        MlflowConfig mlflow = run.config().log().mlflow();
        return new MlflowLog.Settings(
                mlflow.url(),
                mlflow.experiment(),
                mlflow.run().isEmpty() ? name(run) : mlflow.run(),
                run.folder().mlflow(),
                ConfigWriter.flat(run.config()),
                SERVER_LIMIT);
    }

    private static String name(RunContext run) {
        return run.folder().folder().toAbsolutePath().normalize().getFileName().toString();
    }

    List<TrainingListener> listeners() {
        return List.copyOf(open);
    }

    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
