using System.Net;
using System.Text;
using System.Text.Json;

namespace Impetus.Server.Tests.Support;

/// <summary>Short words for what the tests do over HTTP.</summary>
internal static class HttpExtensions
{
    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string body) => client.PostAsync(path, Json(body));

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Checks OpenAI's envelope to the letter, and returns what is in it.</summary>
    public static async Task<JsonElement> ErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string? code = null)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = (await response.JsonAsync()).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        if (code is not null)
            Assert.Equal(code, error.GetProperty("code").GetString());
        return error;
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
