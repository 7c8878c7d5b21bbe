package io.penstock.wire;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * An application that knows nothing of Penstock: OpenAI's SDK, configured by the environment alone, without its own retries.
 * Makes a call for every line of its standard input, and prints what came of it and which upstream answered. A line that
 * begins with {@code stream} is answered word by word, a line each, and closed by {@code end} or what went wrong.
 */
final class SdkApplication {
    private SdkApplication() {}

    public static void main(String[] arguments) throws IOException {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().fromEnv().maxRetries(0).build();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("stream")) {
                System.out.println(stream(client, line));
            } else {
                System.out.println(call(client, line));
            }
        }
        client.close();
    }

    private static String stream(OpenAIClient client, String prompt) {
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(question(prompt))) {
            response.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(System.out::println);
            return "end";
        } catch (RuntimeException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static ChatCompletionCreateParams question(String prompt) {
        return ChatCompletionCreateParams.builder()
                .model("gpt-5")
                .addUserMessage(prompt)
                .build();
    }

    private static String call(OpenAIClient client, String prompt) {
        try (HttpResponseFor<ChatCompletion> response =
                client.chat().completions().withRawResponse().create(question(prompt))) {
            return response.headers().values("x-penstock-upstream") + " "
                    + response.parse().choices().get(0).message().content().orElse("");
        } catch (RuntimeException e) {
            return "failed: " + e.getMessage();
        }
    }
}
