package io.penstock.dialect;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The paths of the providers' APIs: which operation a path is, and which paths are inference. A key that Penstock lends
 * often has administrative powers (files, fine-tunes, members, other people's stored answers), so everything that is not
 * listed here is not inference.
 *
 * <p>A path is what follows the route's prefix: it begins with a slash and has no query.
 */
public final class InferencePaths {
    private static final Pattern VERSION = Pattern.compile("v\\d{1,2}((alpha|beta)\\d{0,2})?");

    /** Under which hosts put their OpenAI-compatible API: Azure, Groq and Gemini; OpenRouter; Fireworks. */
    private static final List<String> OPENAI_PREFIXES = List.of("openai", "api", "inference");

    private InferencePaths() {}

    /** Whether the call is one of the dialect's inference calls. False for every path that is written suspiciously. */
    public static boolean isInference(Dialect dialect, String method, String path) {
        return target(dialect, method, path).inference();
    }

    /**
     * The path as the upstream expects it: clients of Anthropic whose base URL already ends in the route leave the version
     * out. Others are unchanged.
     */
    public static String canonical(Dialect dialect, String path) {
        boolean versionless = path.equals("/messages")
                || path.startsWith("/messages/")
                || path.equals("/models")
                || path.startsWith("/models/");
        return dialect == Dialect.ANTHROPIC && versionless ? "/v1" + path : path;
    }

    static RequestTarget target(Dialect dialect, String method, String path) {
        if (isSuspicious(path)) {
            return RequestTarget.UNKNOWN;
        }
        List<String> segments = List.of(path.substring(1).split("/", -1));
        return switch (dialect) {
            case OPENAI -> openAi(method, segments);
            case ANTHROPIC -> anthropic(method, segments);
            case GEMINI -> gemini(method, segments);
            case BEDROCK, OLLAMA -> RequestTarget.UNKNOWN;
        };
    }

    /**
     * Whether servers may disagree on what the path means: encoded separators, dots and controls, doubled encoding, dot and
     * empty segments, backslashes, path parameters.
     */
    private static boolean isSuspicious(String path) {
        if (!path.startsWith("/")) {
            return true;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '\\' || c == ';' || c == '?' || c == '#') {
                return true;
            }
            if (c == '%' && !isHarmlessEscape(path, i)) {
                return true;
            }
        }
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /** Of printable ASCII, only what cannot change how a path is cut up. */
    private static boolean isHarmlessEscape(String path, int at) {
        if (at + 2 >= path.length()) {
            return false;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        int decoded = high * 16 + low;
        return high >= 2 && low >= 0 && decoded < 0x7F && "%./\\;?#".indexOf(decoded) < 0;
    }

    private static RequestTarget openAi(String method, List<String> segments) {
        int start = 0;
        boolean prefixed = false;
        boolean versioned = false;
        while (start < segments.size()) {
            String segment = segments.get(start);
            if (!prefixed && OPENAI_PREFIXES.contains(segment)) {
                prefixed = true;
            } else if (!versioned && VERSION.matcher(segment).matches()) {
                versioned = true;
            } else {
                break;
            }
            start++;
        }
        List<String> call = segments.subList(start, segments.size());
        // Azure: /openai/deployments/{deployment}/chat/completions
        if (prefixed && call.size() > 2 && call.get(0).equals("deployments")) {
            RequestTarget target = openAiCall(method, call.subList(2, call.size()));
            return target.takesBody() ? target.withModel(call.get(1)) : RequestTarget.UNKNOWN;
        }
        return openAiCall(method, call);
    }

    private static RequestTarget openAiCall(String method, List<String> call) {
        return switch (method) {
            case "POST" -> openAiPost(call);
            case "GET" -> openAiGet(call);
            default -> RequestTarget.UNKNOWN;
        };
    }

    private static RequestTarget openAiPost(List<String> call) {
        return switch (String.join("/", call)) {
            case "chat/completions" -> RequestTarget.call(Operation.CHAT_COMPLETIONS);
            case "completions" -> RequestTarget.call(Operation.COMPLETIONS);
            case "responses" -> RequestTarget.call(Operation.RESPONSES);
            case "responses/input_tokens" -> RequestTarget.call(Operation.COUNT_TOKENS);
            case "embeddings" -> RequestTarget.call(Operation.EMBEDDINGS);
            case "moderations",
                    "rerank",
                    "responses/compact",
                    "images/generations",
                    "images/edits",
                    "images/variations",
                    "audio/speech",
                    "audio/transcriptions",
                    "audio/translations" -> RequestTarget.call(Operation.OTHER);
            default ->
                isOwnResponse(call, 3) && call.get(2).equals("cancel")
                        ? RequestTarget.look(Operation.RESPONSES)
                        : RequestTarget.UNKNOWN;
        };
    }

    private static RequestTarget openAiGet(List<String> call) {
        if (isOwnResponse(call, 2)) {
            return RequestTarget.look(Operation.RESPONSES);
        }
        return models(call);
    }

    /** Whoever knows an answer's id asked for it: ids cannot be guessed, and there is no call that lists them. */
    private static boolean isOwnResponse(List<String> call, int size) {
        return call.size() == size
                && call.get(0).equals("responses")
                && call.get(1).startsWith("resp_");
    }

    /** Model names may have slashes in them. */
    private static RequestTarget models(List<String> call) {
        boolean models = !call.isEmpty() && call.get(0).equals("models") && call.size() <= 4;
        return models ? RequestTarget.look(Operation.MODELS) : RequestTarget.UNKNOWN;
    }

    private static RequestTarget anthropic(String method, List<String> segments) {
        List<String> call = withoutVersion(segments);
        if (method.equals("GET")) {
            return models(call);
        }
        if (!method.equals("POST")) {
            return RequestTarget.UNKNOWN;
        }
        return switch (String.join("/", call)) {
            case "messages" -> RequestTarget.call(Operation.MESSAGES);
            case "messages/count_tokens" -> RequestTarget.call(Operation.COUNT_TOKENS);
            case "chat/completions" -> RequestTarget.call(Operation.CHAT_COMPLETIONS);
            default -> RequestTarget.UNKNOWN;
        };
    }

    private static RequestTarget gemini(String method, List<String> segments) {
        List<String> call = withoutVersion(segments);
        if (call.isEmpty()) {
            return RequestTarget.UNKNOWN;
        }
        if (call.get(0).equals("openai")) {
            return openAiCall(method, call.subList(1, call.size()));
        }
        if (method.equals("GET")) {
            boolean plain = call.size() <= 2 && !call.get(call.size() - 1).contains(":");
            return plain ? models(call) : RequestTarget.UNKNOWN;
        }
        String last = call.get(call.size() - 1).replace("%3A", ":").replace("%3a", ":");
        int colon = last.lastIndexOf(':');
        if (!method.equals("POST") || colon <= 0 || !isModelResource(call)) {
            return RequestTarget.UNKNOWN;
        }
        String model = last.substring(0, colon);
        RequestTarget target = geminiCall(last.substring(colon + 1));
        return target.inference() ? target.withModel(model) : target;
    }

    private static RequestTarget geminiCall(String verb) {
        return switch (verb) {
            case "generateContent" -> RequestTarget.call(Operation.GENERATE_CONTENT);
            case "streamGenerateContent" ->
                RequestTarget.call(Operation.GENERATE_CONTENT).asStream();
            case "countTokens" -> RequestTarget.call(Operation.COUNT_TOKENS);
            case "embedContent", "batchEmbedContents", "embedText", "batchEmbedText" ->
                RequestTarget.call(Operation.EMBED_CONTENT);
            case "predict" -> RequestTarget.call(Operation.OTHER);
            default -> RequestTarget.UNKNOWN;
        };
    }

    /**
     * {@code models/m}, {@code tunedModels/m} and Vertex AI's
     * {@code [projects/p/locations/l/](publishers/p/models/m | endpoints/e)}; m and e with the verb behind.
     */
    private static boolean isModelResource(List<String> call) {
        List<String> resource = call;
        if (resource.size() > 4
                && resource.get(0).equals("projects")
                && resource.get(2).equals("locations")) {
            resource = resource.subList(4, resource.size());
        }
        return switch (resource.size()) {
            case 2 -> List.of("models", "tunedModels", "endpoints").contains(resource.get(0));
            case 4 -> resource.get(0).equals("publishers") && resource.get(2).equals("models");
            default -> false;
        };
    }

    private static List<String> withoutVersion(List<String> segments) {
        boolean versioned = VERSION.matcher(segments.get(0)).matches();
        return versioned ? segments.subList(1, segments.size()) : segments;
    }
}
