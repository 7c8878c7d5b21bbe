package io.penstock.wire;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * An application that knows nothing of Penstock: OpenAI's SDK, configured by the environment alone, without its own retries.
 * Makes a call for every line of its standard input, and prints what came of it and which upstream answered.
 */
final class SdkApplication {
    private SdkApplication() {}

    public static void main(String[] arguments) throws IOException {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().fromEnv().maxRetries(0).build();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(call(client, line));
        }
        client.close();
    }

    private static String call(OpenAIClient client, String prompt) {
        ChatCompletionCreateParams question = ChatCompletionCreateParams.builder()
                .model("gpt-5")
                .addUserMessage(prompt)
                .build();
        try (HttpResponseFor<ChatCompletion> response =
                client.chat().completions().withRawResponse().create(question)) {
            return response.headers().values("x-penstock-upstream") + " "
                    + response.parse().choices().get(0).message().content().orElse("");
        } catch (RuntimeException e) {
            return "failed: " + e.getMessage();
        }
    }
}
