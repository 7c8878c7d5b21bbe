package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoMetricsTest {

    @Test
    void showsTheCountersThatHaveMoved() {
        String exposition = """
                # HELP penstock_errors_total Errors
                # TYPE penstock_errors_total counter
                penstock_errors_total{category="overloaded",route="openai"} 2.0
                penstock_errors_total{category="rate_limit",route="openai"} 0.0
                penstock_retries_total{category="service_error",upstream="a\\"b,}"} 1.0
                penstock_retries_total{category="x",upstream="b"} 12.0 1700000000000
                penstock_interceptions_total{outcome="success"} 3.0
                """;

        assertThat(DemoMetrics.moved(exposition))
                .containsExactly(
                        "penstock_errors_total",
                        "     category    route",
                        "  2  overloaded  openai",
                        "penstock_retries_total",
                        "      category       upstream",
                        "  1   service_error  a\\\"b,}",
                        "  12  x              b");
    }

    @Test
    void showsNothingWhereNothingMoved() {
        assertThat(DemoMetrics.moved("penstock_errors_total{a=\"b\"} 0.0\npenstock_errors_total 0\n"))
                .isEmpty();
    }
}
