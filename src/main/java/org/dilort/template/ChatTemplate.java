package org.dilort.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.dilort.template.TemplateException.Kind;

/** A chat template, ready to render conversations; thread-safe. */
public final class ChatTemplate {
    private static final String MESSAGES = "messages";

    private final String name;
    private final List<Statement> body;
    private final Limits limits;

    private ChatTemplate(String name, List<Statement> body, Limits limits) {
        this.name = name;
        this.body = body;
        this.limits = limits;
    }

    /**
     * @param name for messages: the file that the template is in
     * @throws TemplateException naming the line of what is wrong or not supported
     */
    public static ChatTemplate compile(String source, String name) {
        return compile(source, name, Limits.DEFAULT);
    }

    static ChatTemplate compile(String source, String name, Limits limits) {
        if (source.length() > limits.source()) {
            throw new TemplateException(
                    Kind.LIMIT,
                    name,
                    1,
                    "template",
                    source.length() + " characters, expected at most " + limits.source());
        }
        TokenStream tokens = new TokenStream(name, Lexer.tokens(name, source), limits.nesting());
        return new ChatTemplate(name, StatementParser.parse(tokens), limits);
    }

    public String name() {
        return name;
    }

    /**
     * The text of a conversation. As in transformers, {@code tools} and {@code documents} are None unless they are given.
     *
     * @param messages a list of objects, which mostly have {@code role} and {@code content}
     * @throws TemplateException naming the template's line, also where the template itself refuses the conversation
     */
    public String render(JsonNode messages, RenderOptions options) {
        Budget budget = new Budget(limits);
        Scope globals = Scope.root();
        Functions.define(globals);
        Scope scope = globals.inner();
        try {
            define(scope, messages, options, new Values(budget));
        } catch (Fault fault) {
            throw fault.at(name, 1, "variables");
        }
        Evaluation evaluation = new Evaluation(name, budget, options.clock(), scope);
        evaluation.execute(body);
        return evaluation.out().toString();
    }

    private static void define(Scope scope, JsonNode messages, RenderOptions options, Values values) {
        scope.set("tools", None.NONE);
        scope.set("documents", None.NONE);
        options.variables().forEach((variable, value) -> scope.set(variable, values.of(value)));
        scope.set(MESSAGES, values.of(messages));
        scope.set("add_generation_prompt", Bool.of(options.generationPrompt() == GenerationPrompt.ADD));
    }
}
