package org.dilort.data;

/** The pipeline whose tokens a pair gets. */
public enum Preset {
    /** Ours: {@link DefaultPipeline}. */
    DEFAULT(ImplicitPrompt.SHARED_TURNS) {
        @Override
        PairPipeline pipeline(TextEncoder encoder, TokenLimits limits) {
            return new DefaultPipeline(encoder, limits);
        }
    },
    /** TRL's: {@link TrlPipeline}. */
    TRL(ImplicitPrompt.COMMON_PREFIX) {
        @Override
        PairPipeline pipeline(TextEncoder encoder, TokenLimits limits) {
            return new TrlPipeline(encoder, limits);
        }
    },
    /** That of DIL's authors: {@link AuthorsPipeline}. */
    DIL_AUTHORS(ImplicitPrompt.ALL_BUT_LAST) {
        @Override
        PairPipeline pipeline(TextEncoder encoder, TokenLimits limits) {
            return new AuthorsPipeline(encoder, limits);
        }
    };

    private final ImplicitPrompt implicitPrompt;

    Preset(ImplicitPrompt implicitPrompt) {
        this.implicitPrompt = implicitPrompt;
    }

    ImplicitPrompt implicitPrompt() {
        return implicitPrompt;
    }

    abstract PairPipeline pipeline(TextEncoder encoder, TokenLimits limits);
}
