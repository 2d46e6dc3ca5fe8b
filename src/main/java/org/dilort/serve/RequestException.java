package org.dilort.serve;

/** A request that gets no answer, with what HTTP and OpenAI's error object say of it. */
final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /** @param code OpenAI's, such as {@code invalid_api_key} */
    RequestException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static RequestException invalid(String message) {
        return new RequestException(400, "invalid_request", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** OpenAI's classes of errors. */
    String type() {
        return status >= 500 ? "server_error" : status == 401 ? "authentication_error" : "invalid_request_error";
    }
}
