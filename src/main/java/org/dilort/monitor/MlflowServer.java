package org.dilort.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.dilort.net.BoundedExchange;

/**
 * An MLflow tracking server through its REST API, version 2.0. Whoever asks is known by {@code MLFLOW_TRACKING_TOKEN}, or {@code
 * MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}, as MLflow's own client takes them.
 */
final class MlflowServer implements AutoCloseable {
    /** Values of one request; the server takes no more. */
    static final int MOST_METRICS = 1000;

    private static final int MOST_PARAMS = 100;
    private static final int LONGEST_PARAM = 6000;
    private static final int LONGEST_KEY = 250;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final Map<String, String> environment;
    private final BoundedExchange exchange;

    /** A number of a step. */
    record Metric(String key, double value, long millis, long step) {}

    /** What the server did not do, in words that name it. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(String message, int status) {
            super(message);
            this.status = status;
        }

        /** Of HTTP; 0 where no answer came. */
        int status() {
            return status;
        }

        /** Whether another attempt may fare better. */
        boolean mayPass() {
            return new BoundedExchange.Reply(status, "", "").mayPass();
        }
    }

    MlflowServer(String url, Map<String, String> environment, Duration limit) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.environment = Map.copyOf(environment);
        this.exchange = new BoundedExchange(limit);
    }

    /** The experiment's id; it is made where there is none of the name. */
    String experiment(String name) throws Refusal, InterruptedException {
        try {
            return found(name);
        } catch (Refusal absent) {
            if (absent.status() != 404) {
                throw absent;
            }
        }
        return text(
                "experiments/create",
                post("experiments/create", JSON.createObjectNode().put("name", name)),
                "/experiment_id");
    }

    private String found(String name) throws Refusal, InterruptedException {
        String query = "experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        return text("experiments/get-by-name", get("experiments/get-by-name?" + query), "/experiment/experiment_id");
    }

    /** Begins a run; returns its id. */
    String createRun(String experiment, String name, long millis) throws Refusal, InterruptedException {
        ObjectNode run = JSON.createObjectNode()
                .put("experiment_id", experiment)
                .put("run_name", name)
                .put("start_time", millis);
        run.putArray("tags").addObject().put("key", "mlflow.source.name").put("value", "dil-ort");
        return text("runs/create", post("runs/create", run), "/run/info/run_id");
    }

    /** Whether the server knows the run. */
    boolean hasRun(String run) throws Refusal, InterruptedException {
        try {
            get("runs/get?run_id=" + URLEncoder.encode(run, StandardCharsets.UTF_8));
            return true;
        } catch (Refusal absent) {
            if (absent.status() == 404) {
                return false;
            }
            throw absent;
        }
    }

    void params(String run, Map<String, String> params) throws Refusal, InterruptedException {
        List<Map.Entry<String, String>> all = List.copyOf(params.entrySet());
        for (int from = 0; from < all.size(); from += MOST_PARAMS) {
            ObjectNode batch = JSON.createObjectNode().put("run_id", run);
            for (Map.Entry<String, String> param : all.subList(from, Math.min(all.size(), from + MOST_PARAMS))) {
                batch.withArray("/params")
                        .addObject()
                        .put("key", cut(param.getKey(), LONGEST_KEY))
                        .put("value", cut(param.getValue(), LONGEST_PARAM));
            }
            post("runs/log-batch", batch);
        }
    }

    /** @param metrics finite ones, at most {@link #MOST_METRICS} */
    void metrics(String run, Collection<Metric> metrics) throws Refusal, InterruptedException {
        ObjectNode batch = JSON.createObjectNode().put("run_id", run);
        for (Metric metric : metrics) {
            batch.withArray("/metrics")
                    .addObject()
                    .put("key", cut(metric.key(), LONGEST_KEY))
                    .put("value", metric.value())
                    .put("timestamp", metric.millis())
                    .put("step", metric.step());
        }
        post("runs/log-batch", batch);
    }

    /** @param status RUNNING, FINISHED, FAILED or KILLED */
    void update(String run, String status, long millis) throws Refusal, InterruptedException {
        ObjectNode update = JSON.createObjectNode().put("run_id", run).put("status", status);
        if (!status.equals("RUNNING")) {
            update.put("end_time", millis);
        }
        post("runs/update", update);
    }

    private JsonNode get(String path) throws Refusal, InterruptedException {
        return send(path, request(path).GET());
    }

    private JsonNode post(String path, ObjectNode body) throws Refusal, InterruptedException {
        return send(path, request(path).POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/" + path))
                .header("Content-Type", "application/json");
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        if (!user.isEmpty()) {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        } else if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private JsonNode send(String path, HttpRequest.Builder request) throws Refusal, InterruptedException {
        BoundedExchange.Reply reply = exchange.send(request.build());
        if (reply.status() != 200) {
            throw new Refusal(place(path) + ": " + reply.problem() + said(reply.body()), reply.status());
        }
        try {
            return JSON.readTree(reply.body());
        } catch (JsonProcessingException e) {
            throw new Refusal(place(path) + ": its answer is no JSON, expected an MLflow server", reply.status());
        }
    }

    private String place(String path) {
        int query = path.indexOf('?');
        return url + " (" + (query < 0 ? path : path.substring(0, query)) + ")";
    }

    /** MLflow says in JSON what is wrong. */
    private static String said(String body) {
        try {
            String message = JSON.readTree(body).path("message").asText();
            return message.isEmpty() ? "" : ": " + cut(message.replaceAll("\\s+", " "), LONGEST_KEY);
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private String text(String path, JsonNode answer, String pointer) throws Refusal {
        String text = answer.at(pointer).asText();
        if (text.isEmpty()) {
            throw new Refusal(place(path) + ": its answer has no " + pointer + ", expected an MLflow server", 200);
        }
        return text;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    @Override
    public void close() {
        exchange.close();
    }
}
