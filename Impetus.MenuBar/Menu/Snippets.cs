using System.Text.Encodings.Web;
using System.Text.Json;

namespace Impetus.MenuBar.Menu;

/// <summary>Programs that a snippet connects.</summary>
internal enum ConnectedApp
{
    Python,
    JavaScript,
    DotNet,
    Curl,
    Environment,
    OpenWebUI,
    Continue,
    Aider,
}

/// <summary>What to paste into a program so that it uses this server.</summary>
internal static class Snippets
{
    /// <summary>The program's own name.</summary>
    public static string Name(ConnectedApp app) => app switch
    {
        ConnectedApp.Python => "OpenAI SDK, Python",
        ConnectedApp.JavaScript => "OpenAI SDK, JavaScript",
        ConnectedApp.DotNet => "OpenAI SDK, .NET",
        ConnectedApp.Curl => "curl",
        ConnectedApp.Environment => "OPENAI_BASE_URL",
        ConnectedApp.OpenWebUI => "Open WebUI",
        ConnectedApp.Continue => "Continue",
        ConnectedApp.Aider => "Aider",
        _ => throw new ArgumentOutOfRangeException(nameof(app)),
    };

    /// <summary>The snippet, ready to paste.</summary>
    /// <param name="app">For which program.</param>
    /// <param name="address">Where the server is.</param>
    /// <param name="key">The key, of visible ASCII; it stands in the snippet as it is, quoted as the language wants.</param>
    /// <param name="model">The model's id.</param>
    public static string For(ConnectedApp app, Uri address, string key, string model)
    {
        string url = new Uri(address, "v1").AbsoluteUri;
        return app switch
        {
            ConnectedApp.Python => $"""
                from openai import OpenAI

                client = OpenAI(base_url={Quote(url)}, api_key={Quote(key)})
                answer = client.chat.completions.create(
                    model={Quote(model)},
                    messages=[{Braces("\"role\": \"user\", \"content\": \"Hello\"")}],
                )
                print(answer.choices[0].message.content)
                """,
            ConnectedApp.JavaScript => $$"""
                import OpenAI from "openai";

                const client = new OpenAI({ baseURL: {{Quote(url)}}, apiKey: {{Quote(key)}} });
                const answer = await client.chat.completions.create({
                  model: {{Quote(model)}},
                  messages: [{ role: "user", content: "Hello" }],
                });
                console.log(answer.choices[0].message.content);
                """,
            ConnectedApp.DotNet => $$"""
                using System.ClientModel;
                using OpenAI;
                using OpenAI.Chat;

                var client = new ChatClient(
                    {{Quote(model)}},
                    new ApiKeyCredential({{Quote(key)}}),
                    new OpenAIClientOptions { Endpoint = new Uri({{Quote(url)}}) });
                ChatCompletion answer = await client.CompleteChatAsync("Hello");
                Console.WriteLine(answer.Content[0].Text);
                """,
            ConnectedApp.Curl => $$"""
                curl {{Shell(url + "/chat/completions")}} \
                  -H {{Shell("Authorization: Bearer " + key)}} \
                  -H 'Content-Type: application/json' \
                  -d {{Shell($$$"""{"model": {{{Quote(model)}}}, "messages": [{"role": "user", "content": "Hello"}]}""")}}
                """,
            ConnectedApp.Environment => $"""
                export OPENAI_BASE_URL={Shell(url)}
                export OPENAI_API_KEY={Shell(key)}
                """,
            ConnectedApp.OpenWebUI => $"""
                OPENAI_API_BASE_URL={Shell(url)} OPENAI_API_KEY={Shell(key)} open-webui serve
                """,
            ConnectedApp.Continue => $"""
                models:
                  - name: Impetus
                    provider: openai
                    model: {Quote(model)}
                    apiBase: {Quote(url)}
                    apiKey: {Quote(key)}
                """,
            ConnectedApp.Aider => $"""
                aider --openai-api-base {Shell(url)} --openai-api-key {Shell(key)} --model {Shell("openai/" + model)}
                """,
            _ => throw new ArgumentOutOfRangeException(nameof(app)),
        };
    }

    // Of visible ASCII, JSON escapes the quote and the backslash alone, as Python, JavaScript, C# and YAML do.
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Braces(string text) => "{" + text + "}";
}
