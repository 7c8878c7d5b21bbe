package io.penstock.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What the application saw of an answer.
 *
 * @param headers by lower-case name
 * @param took from sending the request to the last byte
 */
record DemoSeen(int status, Map<String, String> headers, Answer answer, String body, Duration took) {

    /** How the answer ended, as a client of the dialect would find. */
    enum Answer {
        WHOLE("whole"),
        ERROR("error"),
        ERROR_IN_STREAM("error in the stream"),
        CUT_SHORT("cut short");

        private final String words;

        Answer(String words) {
            this.words = words;
        }

        /**
         * Judges an answer.
         *
         * @param broken whether the connection ended before the body did
         */
        static Answer of(DemoDialect dialect, boolean stream, int status, String body, boolean broken) {
            if (broken) {
                return stream && body.contains("\"error\"") ? ERROR_IN_STREAM : CUT_SHORT;
            }
            if (status >= 400) {
                return ERROR;
            }
            if (!stream || body.contains(dialect.lastOfStream())) {
                return WHOLE;
            }
            return body.contains("\"error\"") ? ERROR_IN_STREAM : CUT_SHORT;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** The header's value, or an empty text. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
