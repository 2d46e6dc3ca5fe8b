package org.dilort.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dilort.data.Message;
import org.dilort.data.Prompt;
import org.dilort.export.GenerationSettings;
import org.dilort.export.TestModels;
import org.dilort.input.SourceLine;
import org.dilort.serve.Access;
import org.dilort.serve.AlignedModel;
import org.dilort.serve.ModelServer;
import org.dilort.serve.Models;
import org.dilort.serve.ServeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dil-ort serve} as a judge. */
class ServedJudgeTest {
    @TempDir
    private Path temp;

    private Path model() throws IOException {
        Path folder = TestModels.random(
                temp.resolve("model"),
                3,
                config -> config.put("vocab_size", 280)
                        .put("tie_word_embeddings", false)
                        .put("max_position_embeddings", 1024));
        TestModels.addTokenizer("tokenizer-bytes", folder);
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        return folder;
    }

    @Test
    void theVerdictIsWhatTheModelSays() throws IOException {
        Comparison comparison = new Comparison(new Prompt(new SourceLine(temp, 1), "2+2=", List.of()), "4", "5");
        List<Message> question = List.of(new Message("user", JudgePrompt.DEFAULT.of(comparison)));
        ServeSettings settings = new ServeSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Access.Bearer("secret"),
                1,
                1,
                100_000,
                64);
        try (AlignedModel model = AlignedModel.load(model(), 1);
                ModelServer server = ModelServer.start(new Models(Map.of("tiny", model)), settings, Clock.systemUTC());
                Judge judge = Judge.open(endpoint(server), TestModels.ONE_THREAD)) {
            String said = model.chat(question, GenerationSettings.greedy(16), AlignedModel.IGNORE)
                    .text();

            assertThat(judge.judge(comparison)).isEqualTo(EndpointJudge.verdict(said));
        }
    }

    private static JudgeChoice endpoint(ModelServer server) {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/");
        return new JudgeChoice.Endpoint(uri, "tiny", "secret", Duration.ofSeconds(60), JudgePrompt.DEFAULT);
    }
}
