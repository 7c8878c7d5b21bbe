package io.penstock.injector;

import java.util.regex.Pattern;

/** What a value of a setting or an annotation looks like: how it is checked, and how that is told to people. */
enum Form {
    IMAGE("an image reference, such as registry.example/penstock:1.0.0", "[A-Za-z0-9][A-Za-z0-9._/:@-]{0,511}"),
    QUANTITY("a Kubernetes quantity, such as 100m or 64Mi", "[0-9]{1,12}(\\.[0-9]{1,6})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?"),
    LOG_LEVEL("ERROR, WARN, INFO or DEBUG", "ERROR|WARN|INFO|DEBUG"),
    /** RFC 1123 subdomain, as Kubernetes takes it for the names of ConfigMaps and Secrets. */
    NAME(
            "a name of small letters, digits, dashes and dots, such as my-policy",
            "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"),
    NAMES("container names with commas between, such as proxy,metrics", "[a-z0-9-]{1,63}( *, *[a-z0-9-]{1,63})*"),
    BOOLEAN("true or false", "true|false"),
    INTERCEPTION("env or redirect", "env|redirect"),
    DURATION("a whole number of seconds or minutes, such as 30s or 2m", "[1-9][0-9]{0,4}[sm]"),
    HOST("the name or the address of a host, such as llm.models.svc", Form.HOST_PATTERN),
    HOSTS(
            "hosts with commas between, such as llm.models.svc,10.0.0.7",
            Form.HOST_PATTERN + "( *, *" + Form.HOST_PATTERN + ")*"),
    PORTS(
            "TCP ports from 1 to 65535 with commas between, such as 80,8000",
            Form.PORT_PATTERN + "( *, *" + Form.PORT_PATTERN + ")*"),
    /** Written by the injector, never read. */
    JSON("written by the injector", ".*");

    private static final String HOST_PATTERN = "[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?";
    private static final String PORT_PATTERN =
            "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private final String words;
    private final Pattern pattern;

    Form(String words, String pattern) {
        this.words = words;
        this.pattern = Pattern.compile(pattern);
    }

    boolean accepts(String text) {
        return pattern.matcher(text).matches();
    }

    String words() {
        return words;
    }
}
