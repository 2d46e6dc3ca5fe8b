package org.dilort.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * An MLflow tracking server that is told of the run.
 *
 * @param url where it listens, http or https; empty only in {@link #NONE}
 * @param experiment made where the server has none of the name
 * @param run its name there; empty = that of the output folder
 */
public record MlflowConfig(String url, String experiment, String run) implements Section {
    static final String URL_EXPECTED =
            "the address of an MLflow server, http:// or https://, without a user or a query";
    private static final String EXPERIMENT = "dil-ort";
    private static final int LONGEST_NAME = 250;
    private static final int LAST_PORT = 65_535;

    public static final MlflowConfig NONE = new MlflowConfig("", EXPERIMENT, "");

    public MlflowConfig {
        boolean none = url.isEmpty() && experiment.equals(EXPERIMENT) && run.isEmpty();
        Require.check(none || isServer(url), "url", url, URL_EXPECTED);
        boolean named = !experiment.isBlank() && experiment.length() <= LONGEST_NAME;
        Require.check(named, "experiment", experiment, "a name of at most " + LONGEST_NAME + " characters");
        Require.check(run.length() <= LONGEST_NAME, "run", run, "at most " + LONGEST_NAME + " characters");
    }

    public boolean enabled() {
        return !url.isEmpty();
    }

    private static boolean isServer(String text) {
        try {
            URI uri = new URI(text);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http
                    && uri.getHost() != null
                    && uri.getPort() <= LAST_PORT
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
