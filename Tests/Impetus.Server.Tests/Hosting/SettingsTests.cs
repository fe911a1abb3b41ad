using System.Net;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Server.Hosting;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly Dictionary<string, string> _options = [];

    public SettingsTests() => _environment["IMPETUS_HOME"] = _home.Path;

    public void Dispose() => _home.Dispose();

    private ServerSettings Read() => SettingsReader.Read(_options.GetValueOrDefault, _environment.GetValueOrDefault);

    private void WriteFile(string text) => File.WriteAllText(_home.Combine("settings.json"), text);

    [Fact]
    public void An_option_wins_over_the_environment_which_wins_over_the_file()
    {
        Assert.Equal(8080, Read().Port);
        WriteFile("""{ "port": 1001, "threads": "3" /* half of them */, }""");
        Assert.Equal(1001, Read().Port);
        _environment["IMPETUS_PORT"] = "1002";
        Assert.Equal(1002, Read().Port);
        _options["port"] = "1003";
        Assert.Equal(1003, Read().Port);
        Assert.Equal(3, Read().Threads);
    }

    [Fact]
    public void Every_setting_can_be_set()
    {
        _options["host"] = "0.0.0.0";
        _options["allowed-hosts"] = "llm.example.org, box";
        _options["model"] = "org/name";
        _options["context"] = "4096";
        _options["cache-size"] = "2GB";
        _options["batch"] = "4";
        _options["backend"] = "cpu";
        _options["precision"] = "fast";
        _options["log-level"] = "TRACE";
        _options["shutdown-timeout"] = "3";
        var settings = Read();
        Assert.Equal(IPAddress.Any, settings.Address);
        Assert.Equal(["llm.example.org", "box"], settings.AllowedHosts);
        Assert.Equal("org/name", settings.Model);
        Assert.Equal(4096, settings.ContextTokens);
        Assert.Equal(2_000_000_000, settings.CacheBytes);
        Assert.Equal(4, settings.Batch);
        Assert.Equal(BackendChoice.Cpu, settings.Backend);
        Assert.Equal(Precision.Fast, settings.Precision);
        Assert.Equal(LogLevel.Trace, settings.LogLevel);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.ShutdownTimeout);
    }

    [Theory]
    [InlineData("port", "abc")]
    [InlineData("port", "65536")]
    [InlineData("port", "-1")]
    [InlineData("port", " 80")]
    [InlineData("host", "example.org")]
    [InlineData("allowed-hosts", "http://example.org")]
    [InlineData("threads", "0")]
    [InlineData("context", "1")]
    [InlineData("cache-size", "2")]
    [InlineData("batch", "0")]
    [InlineData("batch", "257")]
    [InlineData("cache-size", "99999999999999999999GB")]
    [InlineData("backend", "0")]
    [InlineData("precision", "low")]
    [InlineData("log-level", "none")]
    [InlineData("fetch-urls", "yes")]
    [InlineData("shutdown-timeout", "forever")]
    public void A_wrong_value_is_told_with_its_source_and_what_to_write_instead(string name, string value)
    {
        var setting = Setting.All.Single(s => s.Name == name);
        _options[name] = value;
        var fault = Assert.Throws<SettingsException>(Read);
        Assert.Equal($"--{name} is '{value}'. Write {setting.Expected}.", fault.Message);

        _options.Clear();
        _environment[setting.Variable] = value;
        Assert.StartsWith($"{setting.Variable} is", Assert.Throws<SettingsException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_is_on_the_page_for_those_who_run_the_server()
    {
        string page = File.ReadAllText(Path.Combine(Fixture.Repository, "docs", "running.md"));
        Assert.All(Setting.All, s => Assert.Contains($"| `{s.Option}` | `{s.Variable}` | `{s.Key}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        _options["port"] = "x";
        _environment["IMPETUS_THREADS"] = "y";
        string message = Assert.Throws<SettingsException>(Read).Message;
        Assert.Contains("--port", message, StringComparison.Ordinal);
        Assert.Contains("IMPETUS_THREADS", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "prot": 8081 }""", "prot")]
    [InlineData("""{ "port": [] }""", "port")]
    [InlineData("""{ "port": 1, "port": 2 }""", "port")]
    [InlineData("""[ 1 ]""", "object")]
    [InlineData("""{ "port" """, "settings.json")]
    public void A_wrong_settings_file_is_named_with_its_fault(string text, string expected)
    {
        WriteFile(text);
        string message = Assert.Throws<SettingsException>(Read).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(_home.Path, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a key with spaces in it")]
    [InlineData("ein-schlüssel-mit-umlaut")]
    public void An_unusable_key_is_refused_and_not_shown(string key)
    {
        _environment["IMPETUS_API_KEY"] = key;
        string message = Assert.Throws<SettingsException>(Read).Message;
        Assert.Contains("IMPETUS_API_KEY", message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_lives_where_the_XDG_specification_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG is Linux's");
        string Locate(params (string Name, string Value)[] variables) =>
            DataDirectory.Locate(null, variables.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault).Path;

        Assert.Equal("/data/impetus", Locate(("XDG_DATA_HOME", "/data"), ("HOME", "/home/ada")));
        Assert.Equal("/home/ada/.local/share/impetus", Locate(("HOME", "/home/ada")));
        Assert.Equal("/home/ada/.local/share/impetus", Locate(("XDG_DATA_HOME", "relative"), ("HOME", "/home/ada")));
        Assert.Contains("IMPETUS_HOME", Assert.Throws<SettingsException>(() => Locate()).Message, StringComparison.Ordinal);
    }
}
