using System.Net;
using System.Text;
using System.Text.Json;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Http;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Requests = 10_000;

    [Fact]
    public async Task Ten_thousand_generated_requests_bring_no_500_and_no_hang()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var fuzzer = new RequestFuzzer(seed);
        await using var server = await RunningServer.InMemoryAsync();
        (server.Model.Fake.ContextLength, server.Model.Fake.Reply) = (2048, "Hi!");
        var seen = new Dictionary<HttpStatusCode, int>();
        for (int i = 0; i < Requests; i++)
        {
            using var request = fuzzer.Next();
            string body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync());
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var response = await server.Client.SendAsync(request, deadline.Token);
            string answer = await response.Content.ReadAsStringAsync(deadline.Token);
            string what = $"seed {seed}, request {i}: {request.Method} {request.RequestUri} {body}\n{(int)response.StatusCode} {answer}";
            Assert.True((int)response.StatusCode is 200 or 201 or (>= 400 and < 500), what);
            Assert.True(IsWhole(response, answer), what);
            seen[response.StatusCode] = seen.GetValueOrDefault(response.StatusCode) + 1;
        }

        output.WriteLine(string.Join(", ", seen.OrderBy(s => s.Key).Select(s => $"{(int)s.Key}: {s.Value}")));
        // A generator that only makes rubbish would prove little.
        Assert.True(seen[HttpStatusCode.OK] > Requests / 10 && seen[HttpStatusCode.BadRequest] > Requests / 10);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous().GetAsync("/ready")).StatusCode);
    }

    private static bool IsWhole(HttpResponseMessage response, string answer)
    {
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return answer.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(answer);
        return response.IsSuccessStatusCode || document.RootElement.GetProperty("error").GetProperty("message").GetString()!.Length > 0;
    }
}
