package io.embedlake.remote.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Reading.Answer;
import io.embedlake.remote.format.Reading.Fault;

/** Assertions on what is read from the bodies of successful replies. Stateless. */
public final class Bodies {
    private Bodies() {}

    /** Two items, each with an index of its own or none. */
    static String items(String first, String second) {
        return "{\"data\":[{" + first + "\"embedding\":[1]},{" + second + "\"embedding\":[2]}]}";
    }

    /** The vectors of a body that has them. */
    static Answer answer(ModelFormat format, String body, int texts) {
        Reading reading = format.read(Goldens.ok(body), texts);
        return assertInstanceOf(Answer.class, reading, reading.toString());
    }

    /** A body is a wrong answer for this reason. */
    public static void assertWrong(ModelFormat format, String body, int texts, String reason) {
        Fault fault = assertInstanceOf(Fault.class, format.read(Goldens.ok(body), texts), body);
        assertEquals(Cause.WRONG_ANSWER, fault.cause(), body);
        assertTrue(fault.reason().contains(reason), fault.reason());
    }
}
