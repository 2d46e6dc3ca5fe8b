package org.dilort.examples;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worked problem of the demo, read from its text and judged by arithmetic alone.
 *
 * @param result what the problem really comes to
 * @param answer what the response says
 * @param stepsRight whether every equation holds and works on the digits of the problem
 */
record WorkedProblem(int result, int answer, boolean stepsRight) {
    private static final Pattern PROMPT = Pattern.compile("(\\d)(\\d)([+-])(\\d)(\\d)=");
    private static final Pattern RESPONSE =
            Pattern.compile("ones (\\d+)([+-])(\\d)=(\\d+), tens (\\d)([+-])(\\d)(?:[+-](1))?=(\\d+), answer (\\d+)");

    static WorkedProblem parse(String prompt, String response) {
        Matcher problem = match(PROMPT, prompt);
        Matcher work = match(RESPONSE, response);
        char operation = problem.group(3).charAt(0);
        int a = number(problem, 1) * 10 + number(problem, 2);
        int b = number(problem, 4) * 10 + number(problem, 5);
        return new WorkedProblem(apply(operation, a, b), number(work, 10), stepsHold(problem, work, operation));
    }

    boolean isRight() {
        return stepsRight && answer == result;
    }

    private static boolean stepsHold(Matcher problem, Matcher work, char operation) {
        int carried = work.group(8) == null ? 0 : 1;
        int tens = apply(operation, apply(operation, number(work, 5), number(work, 7)), carried);
        return work.group(2).charAt(0) == operation
                && work.group(6).charAt(0) == operation
                && number(work, 1) % 10 == number(problem, 2)
                && number(work, 3) == number(problem, 5)
                && number(work, 4) == apply(operation, number(work, 1), number(work, 3))
                && number(work, 5) == number(problem, 1)
                && number(work, 7) == number(problem, 4)
                && number(work, 9) == tens;
    }

    private static int apply(char operation, int a, int b) {
        return operation == '+' ? a + b : a - b;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form " + pattern);
        }
        return matcher;
    }
}
