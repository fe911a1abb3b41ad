using System.Text.RegularExpressions;
using Impetus.Engine.Hub;
using Impetus.Server.Tests.OpenAi;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Observability;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Requests_tokens_and_times_are_counted_for_this_server_alone()
    {
        await using var other = await RunningServer.InMemoryAsync();
        await other.Client.GetAsync("/v1/models");
        await using var server = await RunningServer.InMemoryAsync();
        await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body("\"n\":0"));
        await server.Client.GetAsync("/made-up-by-others");
        string text = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("impetus_requests_total{route=\"POST /v1/chat/completions\",status=\"200\",outcome=\"ok\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_requests_total{route=\"POST /v1/chat/completions\",status=\"400\",outcome=\"invalid_value\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_requests_total{route=\"unknown\",status=\"404\",outcome=\"not_found\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_tokens_total{model=\"test-org/fake-model\",kind=\"completion\"} 11\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_first_token_seconds_count{model=\"test-org/fake-model\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_request_duration_seconds_bucket{route=\"POST /v1/chat/completions\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("impetus_active_requests 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/models", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_s_memory_is_told_once_it_holds_a_model()
    {
        await using var server = await RunningServer.InMemoryAsync();
        Assert.DoesNotContain("impetus_engine_memory_bytes{", await server.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        var answer = await server.Client.PostJsonAsync("/v1/embeddings", $$"""{"model": "{{StarterModels.Embedding}}", "input": "a text"}""");
        answer.EnsureSuccessStatusCode();
        Assert.Matches("""impetus_engine_memory_bytes\{kind="active"\} [1-9][0-9]{6,}""", await server.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Every_line_is_in_Prometheus_format()
    {
        await using var server = await RunningServer.InMemoryAsync();
        await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        var response = await server.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string[] lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 20);
        Assert.All(lines, line => Assert.Matches(Line(), line));
    }

    [GeneratedRegex("""^(# (HELP|TYPE) impetus_[a-z_]+ .+|impetus_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.E+-]+)$""")]
    private static partial Regex Line();
}
