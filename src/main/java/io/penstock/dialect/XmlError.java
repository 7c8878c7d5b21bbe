package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * The errors of AWS' XML protocols and of the gateways that imitate them:
 * {@code <Error><Code>Throttling</Code><Message>…</Message></Error>}, or only {@code <UnknownOperationException/>}. Reads the
 * two elements that matter without parsing the rest; a document type is never looked at.
 */
final class XmlError {
    private XmlError() {}

    /** Null where the text is no such document. */
    static @Nullable ProviderError read(String xml) {
        ErrorFields fields = new ErrorFields();
        fields.code(element(xml, "Code"));
        fields.message(element(xml, "Message"));
        if (fields.empty()) {
            fields.message(element(xml, "message"));
        }
        String root = rootName(xml);
        if (root.endsWith("Exception")) {
            fields.type(root);
        }
        return fields.empty() ? null : fields.toError();
    }

    private static @Nullable String element(String xml, String name) {
        int open = xml.indexOf("<" + name + ">");
        int start = open + name.length() + 2;
        int end = open < 0 ? -1 : xml.indexOf("</" + name + ">", start);
        return end < 0 ? null : unescape(xml.substring(start, end));
    }

    private static String rootName(String xml) {
        int at = 0;
        while (xml.startsWith("<?", at) || xml.startsWith("<!", at)) {
            int next = xml.indexOf('<', at + 2);
            if (next < 0) {
                return "";
            }
            at = next;
        }
        int end = at + 1;
        while (end < xml.length() && Character.isLetterOrDigit(xml.charAt(end))) {
            end++;
        }
        return end <= xml.length() && at + 1 < end ? xml.substring(at + 1, end) : "";
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
