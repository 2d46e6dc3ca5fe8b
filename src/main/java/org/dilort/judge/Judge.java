package org.dilort.judge;

import org.dilort.runtime.SessionSettings;

/** Says which of two answers is better; for one thread. */
public interface Judge extends AutoCloseable {

    /** @throws JudgeFailure where it gives no answer */
    Verdict judge(Comparison comparison);

    /** Asked twice, once with the answers exchanged: many judges favour a place. Equal answers are a tie, and nobody is asked. */
    default Ruling inBothOrders(Comparison comparison) {
        if (comparison.isOfEqualAnswers()) {
            return new Ruling(Verdict.TIE, Verdict.TIE);
        }
        return new Ruling(judge(comparison), judge(comparison.swapped()).swapped());
    }

    @Override
    void close();

    /** The caller closes it. */
    static Judge open(JudgeChoice choice, SessionSettings session) {
        if (choice instanceof JudgeChoice.Program program) {
            return new ProgramJudge(program);
        }
        if (choice instanceof JudgeChoice.Endpoint endpoint) {
            return new EndpointJudge(endpoint, EndpointJudge.Pause.SLEEP);
        }
        return RewardJudge.open((JudgeChoice.Model) choice, session);
    }
}
