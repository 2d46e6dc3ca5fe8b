package org.dilort.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a text becomes a value of each type of key. What is no text reads as the empty text, which every type refuses or
 * turns into a value that its record refuses.
 */
final class Scalars {

    private Scalars() {}

    static SimpleModule module() {
        Types types = new Types();
        types.add(int.class, Numbers::wholeNumber);
        types.add(long.class, Numbers::longNumber);
        types.add(double.class, Numbers::number);
        types.add(Double.class, Numbers::number);
        types.add(boolean.class, Scalars::truth);
        types.add(Path.class, text -> Paths.parse(text, "a path"));
        types.add(Limit.class, Limit::parse);
        types.add(Interval.class, Interval::parse);
        types.add(Threads.class, Threads::parse);
        types.add(NumberSetting.class, NumberSetting::parse);
        types.add(ChatTemplate.class, ChatTemplate::parse);
        types.add(ReferenceModel.class, ReferenceModel::parse);
        types.add(AdapterStart.class, AdapterStart::parse);
        types.add(DataCache.class, DataCache::parse);
        types.add(ListenAddress.class, ListenAddress::parse);
        types.addDeserializer(String.class, new StringReader());
        SimpleModule module = new SimpleModule();
        module.setDeserializers(types);
        module.addSerializer(new PathWriter());
        return module;
    }

    private static Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("", text, "true or false");
        };
    }

    private static Enum<?> constant(Class<?> type, String text) {
        List<Enum<?>> constants = Arrays.stream(type.getEnumConstants())
                .<Enum<?>>map(Enum.class::cast)
                .toList();
        String wanted = text.replace('-', '_');
        for (Enum<?> constant : constants) {
            if (constant.name().equalsIgnoreCase(wanted)) {
                return constant;
            }
        }
        String keys =
                constants.stream().map(constant -> ((Keyed) constant).key()).collect(Collectors.joining(", "));
        throw new InvalidValueException("", text, constants.size() > 1 ? "one of " + keys : keys);
    }

    private static final class Types extends SimpleDeserializers {
        private static final long serialVersionUID = 1L;

        private <T> void add(Class<T> type, Function<String, T> parse) {
            addDeserializer(type, new TextReader<>(type, parse));
        }

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new TextReader<>(type, text -> constant(type, text));
        }
    }

    private static final class TextReader<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<String, ? extends T> parse;

        private TextReader(Class<?> type, Function<String, ? extends T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return parse.apply(parser.getText());
            }
            parser.skipChildren();
            return parse.apply("");
        }

        @Override
        public T getNullValue(DeserializationContext context) {
            return parse.apply("");
        }
    }

    private static final class StringReader extends StdDeserializer<String> {
        private static final long serialVersionUID = 1L;

        private StringReader() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            throw new InvalidValueException("", "no text", "a text");
        }

        @Override
        public String getNullValue(DeserializationContext context) {
            throw new InvalidValueException("", "nothing", "a text");
        }
    }

    private static final class PathWriter extends StdSerializer<Path> {
        private static final long serialVersionUID = 1L;

        private PathWriter() {
            super(Path.class);
        }

        @Override
        public void serialize(Path path, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(path.toString());
        }
    }
}
