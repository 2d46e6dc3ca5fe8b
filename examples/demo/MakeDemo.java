import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the demo's tokenizer, model configuration and data: two-operand arithmetic, worked digit by digit.
 *
 * <p>The same constants give the same bytes. Run it from the repository root:
 * {@code java examples/demo/MakeDemo.java examples/demo}.
 */
public final class MakeDemo {
    private static final long SEED = 20250305;

    private static final int EVAL_PAIRS = 300;
    private static final int TRAIN_PAIRS = 3000;
    private static final int SFT_EXAMPLES = 8000;

    /** How often the imperfect calculator drops a carry (or a borrow), where a problem has one. */
    private static final double CARRY_DROPPED = 0.6;
    /** How often it makes one of the other mistakes, where it has not dropped a carry. */
    private static final double OTHER_MISTAKE = 0.15;

    private static final int HIDDEN = 128;
    private static final int INTERMEDIATE = 384;
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int POSITIONS = 128;
    private static final double INITIALIZER_RANGE = 0.02;

    private static final List<String> SPECIALS = List.of("<pad>", "<bos>", "<eos>");
    /** By count; of equals the first in dictionary order is the greatest. */
    private static final Comparator<Map.Entry<String, Long>> MOST_FREQUENT = Map.Entry.<String, Long>comparingByValue()
            .thenComparing(Map.Entry.<String, Long>comparingByKey().reversed());

    private MakeDemo() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: java examples/demo/MakeDemo.java OUT_DIR");
            System.exit(2);
        }
        List<Problem> problems = Problem.all();
        Random random = new Random(SEED);
        Collections.shuffle(problems, random);
        writeData(Files.createDirectories(Path.of(args[0], "data")), problems, random);
        writeModel(Files.createDirectories(Path.of(args[0], "model")), problems);
    }

    /** Three files without a common problem. */
    private static void writeData(Path folder, List<Problem> problems, Random random) throws IOException {
        int sftStart = EVAL_PAIRS + TRAIN_PAIRS;
        Function<Problem, String> pair = problem -> "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}\n"
                .formatted(problem.prompt(), problem.rightWork(), problem.wrongWork(random));
        Function<Problem, String> example = problem ->
                "{\"prompt\": \"%s\", \"chosen\": \"%s\"}\n".formatted(problem.prompt(), problem.imperfectWork(random));
        writeLines(folder.resolve("eval.jsonl"), problems.subList(0, EVAL_PAIRS), pair);
        writeLines(folder.resolve("train.jsonl"), problems.subList(EVAL_PAIRS, sftStart), pair);
        writeLines(folder.resolve("sft.jsonl"), problems.subList(sftStart, sftStart + SFT_EXAMPLES), example);
    }

    private static void writeLines(Path file, List<Problem> problems, Function<Problem, String> line)
            throws IOException {
        Files.writeString(file, problems.stream().map(line).collect(Collectors.joining()));
    }

    private static void writeModel(Path folder, List<Problem> problems) throws IOException {
        List<String> texts = problems.stream()
                .flatMap(problem -> Stream.of(problem.prompt(), problem.rightWork()))
                .toList();
        Tokenizer tokenizer = Tokenizer.learn(texts);
        String tokenizerConfig = TOKENIZER_CONFIG.formatted(Tokenizer.specials("\"%s\": {%s}"), POSITIONS);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.json());
        Files.writeString(folder.resolve("tokenizer_config.json"), tokenizerConfig);
        Files.writeString(folder.resolve("special_tokens_map.json"), SPECIAL_TOKENS_MAP);
        String config = MODEL_CONFIG.formatted(
                HIDDEN / HEADS,
                HIDDEN,
                INITIALIZER_RANGE,
                INTERMEDIATE,
                POSITIONS,
                HEADS,
                LAYERS,
                KEY_VALUE_HEADS,
                tokenizer.vocabulary().size());
        Files.writeString(folder.resolve("config.json"), config);
    }

    /** {@code 47+38=} is worked as {@code ones 7+8=15, tens 4+3+1=8, answer 85}. */
    private record Problem(int a, char operation, int b) {

        /** Every sum of two numbers of two digits, and every difference of them that has two digits. */
        static List<Problem> all() {
            List<Problem> problems = new ArrayList<>();
            for (int a = 10; a <= 99; a++) {
                for (int b = 10; b <= 99; b++) {
                    Stream.of(new Problem(a, '+', b), new Problem(a, '-', b))
                            .filter(Problem::isPosed)
                            .forEach(problems::add);
                }
            }
            return problems;
        }

        boolean isPosed() {
            return operation == '+' || a - b >= 10;
        }

        String prompt() {
            return "" + a + operation + b + "=";
        }

        String rightWork() {
            return work(0, carry(), 0);
        }

        /** What the imperfect calculator writes: right or wrong. */
        String imperfectWork(Random random) {
            double mistakes = carryDropped() + (1 - carryDropped()) * OTHER_MISTAKE;
            return random.nextDouble() < mistakes ? wrongWork(random) : rightWork();
        }

        /** One of its mistakes, each kind as frequent as it makes them. */
        String wrongWork(Random random) {
            double others = (1 - carryDropped()) * OTHER_MISTAKE;
            if (random.nextDouble() * (carryDropped() + others) < carryDropped()) {
                return work(0, 0, 0);
            }
            Problem confused = new Problem(a, operation == '+' ? '-' : '+', b);
            int error = random.nextBoolean() ? 1 : -1;
            return switch (random.nextInt(confused.isPosed() ? 3 : 2)) {
                case 0 -> work(turned(error, ones() % 10, 0, 9), carry(), 0);
                case 1 -> work(0, carry(), turned(error, tens(carry()), 1, 99));
                default -> confused.rightWork();
            };
        }

        /** The error, with the other sign where it would lead out of the range. */
        private static int turned(int error, int value, int low, int high) {
            return value + error < low || value + error > high ? -error : error;
        }

        private double carryDropped() {
            return carry() * CARRY_DROPPED;
        }

        /** What a sum carries or a difference borrows: 0 or 1. */
        private int carry() {
            return operation == '+' ? (a % 10 + b % 10) / 10 : a % 10 < b % 10 ? 1 : 0;
        }

        private int upperOnes() {
            return operation == '+' ? a % 10 : a % 10 + 10 * carry();
        }

        private int ones() {
            return operation == '+' ? a % 10 + b % 10 : upperOnes() - b % 10;
        }

        private int tens(int carry) {
            return operation == '+' ? a / 10 + b / 10 + carry : a / 10 - b / 10 - carry;
        }

        private String work(int onesError, int carry, int tensError) {
            int ones = ones() + onesError;
            int tens = tens(carry) + tensError;
            String onesStep = "ones " + upperOnes() + operation + b % 10 + "=" + ones;
            String carried = carry == 0 ? "" : operation + "1";
            String tensStep = "tens " + a / 10 + operation + b / 10 + carried + "=" + tens;
            return onesStep + ", " + tensStep + ", answer " + (10 * tens + ones % 10);
        }
    }

    /**
     * Byte-level byte-pair encoding. Digits are split off first and never merge; the merges make one token of each text
     * that stands between digits.
     *
     * @param vocabulary tokens in the order of their ids
     * @param merges two tokens with a space between, in the order of application
     */
    private record Tokenizer(List<String> vocabulary, List<String> merges) {
        private static final Pattern DIGIT = Pattern.compile("[0-9]");

        /** Merges the most frequent pair, of equals the first in dictionary order, until no pair is left. */
        static Tokenizer learn(List<String> texts) {
            Map<String, Long> words = texts.stream()
                    .flatMap(DIGIT::splitAsStream)
                    .filter(piece -> !piece.isEmpty())
                    .collect(Collectors.groupingBy(Tokenizer::symbols, TreeMap::new, Collectors.counting()));
            List<String> vocabulary = new ArrayList<>(SPECIALS);
            byteSymbols().stream().sorted().forEach(vocabulary::add);
            List<String> merges = new ArrayList<>();
            for (Map<String, Long> pairs = pairs(words); !pairs.isEmpty(); pairs = pairs(words)) {
                String best = Collections.max(pairs.entrySet(), MOST_FREQUENT).getKey();
                merges.add(best);
                vocabulary.add(joined(best));
                words = merge(words, best);
            }
            return new Tokenizer(vocabulary, merges);
        }

        private static Map<String, Long> pairs(Map<String, Long> words) {
            Map<String, Long> pairs = new TreeMap<>();
            words.forEach((word, count) -> {
                String[] symbols = word.split(" ");
                for (int i = 1; i < symbols.length; i++) {
                    pairs.merge(symbols[i - 1] + " " + symbols[i], count, Long::sum);
                }
            });
            return pairs;
        }

        private static Map<String, Long> merge(Map<String, Long> words, String pair) {
            Pattern occurrence = Pattern.compile("(?<!\\S)" + Pattern.quote(pair) + "(?!\\S)");
            Map<String, Long> merged = new TreeMap<>();
            words.forEach((word, count) ->
                    merged.put(occurrence.matcher(word).replaceAll(Matcher.quoteReplacement(joined(pair))), count));
            return merged;
        }

        private static String joined(String pair) {
            return pair.replace(" ", "");
        }

        /** Of ASCII text. */
        private static String symbols(String text) {
            List<String> symbols = byteSymbols();
            return text.chars().mapToObj(symbols::get).collect(Collectors.joining(" "));
        }

        /** GPT-2's printable character for each byte: itself, or the next from U+0100 where it has none. */
        private static List<String> byteSymbols() {
            List<String> symbols = new ArrayList<>();
            int next = 0x100;
            for (int b = 0; b < 256; b++) {
                boolean printable = b > ' ' && b < 0x7f || b > 0xa0 && b != 0xad;
                symbols.add(Character.toString(printable ? b : next++));
            }
            return symbols;
        }

        String json() {
            Stream<String> tokens =
                    IntStream.range(0, vocabulary.size()).mapToObj(id -> quoted(vocabulary.get(id)) + ": " + id);
            Stream<String> pairs = merges.stream().map(Tokenizer::quoted);
            return TOKENIZER.formatted(
                    specials("{\"id\": %s, %s}"),
                    tokens.collect(Collectors.joining(",\n      ")),
                    pairs.collect(Collectors.joining(",\n      ")));
        }

        /** The special tokens, each in the form of a pattern of its id and its properties. */
        static String specials(String pattern) {
            return IntStream.range(0, SPECIALS.size())
                    .mapToObj(id -> pattern.formatted(id, ADDED_TOKEN.formatted(SPECIALS.get(id))))
                    .collect(Collectors.joining(",\n    "));
        }

        private static String quoted(String token) {
            return '"' + token.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    private static final String ADDED_TOKEN = "\"content\": \"%s\", \"single_word\": false, \"lstrip\": false, "
            + "\"rstrip\": false, \"normalized\": false, \"special\": true";

    private static final String TOKENIZER = """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [
                %s
              ],
              "normalizer": null,
              "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                  {"type": "Digits", "individual_digits": true},
                  {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}
                ]
              },
              "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [
                  {"SpecialToken": {"id": "<bos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "<bos>", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}
                ],
                "special_tokens": {"<bos>": {"id": "<bos>", "ids": [1], "tokens": ["<bos>"]}}
              },
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
              "model": {
                "type": "BPE",
                "dropout": null,
                "unk_token": null,
                "continuing_subword_prefix": null,
                "end_of_word_suffix": null,
                "fuse_unk": false,
                "byte_fallback": false,
                "ignore_merges": false,
                "vocab": {
                  %s
                },
                "merges": [
                  %s
                ]
              }
            }
            """;

    private static final String TOKENIZER_CONFIG = """
            {
              "add_bos_token": true,
              "add_eos_token": false,
              "added_tokens_decoder": {
                %s
              },
              "bos_token": "<bos>",
              "clean_up_tokenization_spaces": false,
              "eos_token": "<eos>",
              "model_max_length": %s,
              "pad_token": "<pad>",
              "tokenizer_class": "PreTrainedTokenizerFast"
            }
            """;

    private static final String SPECIAL_TOKENS_MAP = """
            {
              "bos_token": "<bos>",
              "eos_token": "<eos>",
              "pad_token": "<pad>"
            }
            """;

    private static final String MODEL_CONFIG = """
            {
              "architectures": ["LlamaForCausalLM"],
              "attention_bias": false,
              "attention_dropout": 0.0,
              "bos_token_id": 1,
              "eos_token_id": 2,
              "head_dim": %s,
              "hidden_act": "silu",
              "hidden_size": %s,
              "initializer_range": %s,
              "intermediate_size": %s,
              "max_position_embeddings": %s,
              "mlp_bias": false,
              "model_type": "llama",
              "num_attention_heads": %s,
              "num_hidden_layers": %s,
              "num_key_value_heads": %s,
              "pad_token_id": 0,
              "rms_norm_eps": 1e-05,
              "rope_scaling": null,
              "rope_theta": 10000.0,
              "tie_word_embeddings": true,
              "torch_dtype": "float32",
              "use_cache": true,
              "vocab_size": %s
            }
            """;
}
