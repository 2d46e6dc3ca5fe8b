package org.dilort.data;

/** What the prompt is where a row has none of its own. */
enum ImplicitPrompt {
    /** Whole turns that both sides begin with. */
    SHARED_TURNS,
    /** As TRL has it: messages, or characters, that both sides begin with. */
    COMMON_PREFIX,
    /** As DIL's authors have it: every message of the chosen conversation but its last. */
    ALL_BUT_LAST
}
