package org.dilort.report;

import org.dilort.chart.Figure;
import org.dilort.files.Resources;

/** A whole page around sections: one file that asks nothing of the network, but where it is live of its own server. */
final class Page {
    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("page.js");

    private Page() {}

    /** What may change a page after it was loaded. */
    enum Life {
        STILL,
        LIVE
    }

    static String of(String title, String sections, Life life) {
        String connections = life == Life.LIVE ? "; connect-src 'self'" : "";
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
                script-src 'unsafe-inline'; img-src data:%s">
                <link rel="icon" href="data:,">
                <title>%s</title>
                <style>
                %s%s</style>
                </head>
                <body data-life="%s">
                <main>
                %s</main>
                <footer>dil-ort</footer>
                <script>
                %s</script>
                </body>
                </html>
                """.formatted(connections, Html.escaped(title), Figure.sheet(), STYLE, life, sections, SCRIPT);
    }

    private static String resource(String name) {
        return Resources.text(Page.class, name);
    }
}
