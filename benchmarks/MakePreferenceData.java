import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes preference data of UltraFeedback's shape in an invented language, and a tokenizer for it: conversations of one
 * turn, lengths lognormal, about 700 tokens a pair, a byte-level BPE of 32,000 tokens.
 *
 * <pre>java benchmarks/MakePreferenceData.java FOLDER [PAIRS]</pre>
 *
 * <p>FOLDER gets {@code pairs.jsonl} and {@code model/} with tokenizer.json, tokenizer_config.json (Zephyr's template)
 * and a config.json. The same call writes the same files.
 */
final class MakePreferenceData {
    private static final int VOCABULARY = 32_000;
    private static final int LEXICON = 60_000;
    private static final String[] SPECIAL = {"<unk>", "<s>", "</s>", "<pad>"};
    private static final String[] ONSETS = {
        "", "b", "br", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w", "z"
    };
    private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ai", "ou", "é"};
    private static final String[] CODAS = {"", "", "n", "r", "s", "l", "t", "nd"};

    private final SplittableRandom random = new SplittableRandom(20_261_130);
    private final List<String> lexicon = lexicon();

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int pairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 61_000;
        Files.createDirectories(folder.resolve("model"));
        MakePreferenceData maker = new MakePreferenceData();
        maker.writeModel(folder.resolve("model"));
        maker.writePairs(folder.resolve("pairs.jsonl"), pairs);
    }

    private List<String> lexicon() {
        Set<String> words = new LinkedHashSet<>();
        while (words.size() < LEXICON) {
            StringBuilder word = new StringBuilder();
            int syllables = 1 + (int) (Math.abs(gaussian()) * 1.3);
            for (int i = 0; i < syllables; i++) {
                word.append(one(ONSETS)).append(one(VOWELS)).append(one(CODAS));
            }
            words.add(word.toString());
        }
        return List.copyOf(words);
    }

    /** The commonest words become one token each, by merges of their beginnings; rare ones are left in pieces. */
    private void writeModel(Path folder) throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (String special : SPECIAL) {
            vocabulary.put(special, vocabulary.size());
        }
        for (int b = 0; b < 256; b++) {
            vocabulary.put(letter(b), vocabulary.size());
        }
        List<String> merges = new ArrayList<>();
        for (String word : lexicon) {
            merge(bytes(" " + word), VOCABULARY * 3 / 4, vocabulary, merges);
        }
        for (String word : lexicon) {
            merge(bytes(word), VOCABULARY, vocabulary, merges);
        }
        try (Writer out = Files.newBufferedWriter(folder.resolve("tokenizer.json"))) {
            out.write("{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [");
            for (int i = 0; i < SPECIAL.length; i++) {
                out.write((i == 0 ? "" : ", ") + "{\"id\": " + i + ", \"content\": \"" + SPECIAL[i]
                        + "\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false,"
                        + " \"special\": true}");
            }
            out.write("], \"normalizer\": null, \"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false,"
                    + " \"trim_offsets\": true, \"use_regex\": true}, \"post_processor\": null, \"decoder\": {\"type\":"
                    + " \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\": true},"
                    + " \"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null,"
                    + " \"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, \"fuse_unk\": false,"
                    + " \"byte_fallback\": false, \"ignore_merges\": false, \"vocab\": {");
            int written = 0;
            for (Map.Entry<String, Integer> token : vocabulary.entrySet()) {
                out.write((written++ == 0 ? "" : ",\n") + quoted(token.getKey()) + ": " + token.getValue());
            }
            out.write("}, \"merges\": [");
            written = 0;
            for (String merge : merges) {
                out.write((written++ == 0 ? "" : ",\n") + quoted(merge));
            }
            out.write("]}}\n");
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"add_bos_token": true, "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>",
                 "tokenizer_class": "LlamaTokenizer",
                 "chat_template": "{% for message in messages %}\\n{% if message['role'] == 'user' %}\\n\
                {{ '<|user|>\\n' + message['content'] + eos_token }}\\n{% elif message['role'] == 'system' %}\\n\
                {{ '<|system|>\\n' + message['content'] + eos_token }}\\n{% elif message['role'] == 'assistant' %}\\n\
                {{ '<|assistant|>\\n'  + message['content'] + eos_token }}\\n{% endif %}\\n\
                {% if loop.last and add_generation_prompt %}\\n{{ '<|assistant|>' }}\\n{% endif %}\\n{% endfor %}"}
                """);
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64, "intermediate_size": 128,
                 "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": %d,
                 "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "hidden_act": "silu",
                 "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2}
                """.formatted(VOCABULARY));
    }

    private static void merge(List<String> letters, int most, Map<String, Integer> vocabulary, List<String> merges) {
        String start = letters.get(0);
        for (String letter : letters.subList(1, letters.size())) {
            if (vocabulary.size() >= most) {
                return;
            }
            String longer = start + letter;
            if (!vocabulary.containsKey(longer)) {
                vocabulary.put(longer, vocabulary.size());
                merges.add(start + " " + letter);
            }
            start = longer;
        }
    }

    private void writePairs(Path file, int pairs) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < pairs; i++) {
                String prompt = quoted(text(length(55, 1.0, 1200)));
                String user = "{\"content\": " + prompt + ", \"role\": \"user\"}";
                out.write("{\"prompt\": " + prompt + ", \"prompt_id\": \"" + i + "\", \"chosen\": [" + user + ", "
                        + assistant() + "], \"rejected\": [" + user + ", " + assistant() + "], \"score_chosen\": 8.0}\n");
            }
        }
    }

    private String assistant() {
        return "{\"content\": " + quoted(text(length(140, 0.65, 1400))) + ", \"role\": \"assistant\"}";
    }

    /** Words; lognormal about a median. */
    private int length(double median, double sigma, int most) {
        return (int) Math.max(2, Math.min(most, median * Math.exp(sigma * gaussian())));
    }

    /** Words by Zipf's law, sentences of a dozen, a new paragraph now and then. */
    private String text(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 || text.charAt(text.length() - 1) == '\n' ? "" : " ");
            text.append(lexicon.get((int) Math.pow(LEXICON, random.nextDouble()) - 1));
            int mark = random.nextInt(60);
            text.append(mark < 5 ? "." : mark < 9 ? "," : mark == 9 ? ".\n\n" : mark == 10 ? " " + random.nextInt(2000) : "");
        }
        return text.toString();
    }

    private String one(String[] parts) {
        return parts[random.nextInt(parts.length)];
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static List<String> bytes(String text) {
        List<String> letters = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            letters.add(letter(b & 0xff));
        }
        return letters;
    }

    /** The letter that stands for a byte in a byte-level vocabulary: itself where it can be seen, else one from 256 on. */
    private static String letter(int value) {
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean seen = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            if (b == value) {
                return Character.toString(seen ? b : next);
            }
            next += seen ? 0 : 1;
        }
        throw new IllegalArgumentException("byte " + value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
