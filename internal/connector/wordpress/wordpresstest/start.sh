# Starts MariaDB on a socket and WordPress on a port, both here, and prints the application
# password of the user "admin". PORT and the folder it runs in are given.
D=$PWD
mkdir db
mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$D/db" --auth-root-authentication-method=normal --skip-test-db >install-db.log 2>&1
mariadbd --no-defaults --user="$(id -un)" --datadir="$D/db" --socket="$D/s" --skip-networking --pid-file="$D/pid" \
	--innodb-flush-log-at-trx-commit=0 --skip-log-bin --innodb-buffer-pool-size=32M --performance-schema=OFF >db.log 2>&1 &
until mariadb --no-defaults -S s -u root -e 'select 1' >/dev/null 2>&1; do kill -0 $!; sleep 0.1; done
mariadb --no-defaults -S s -u root -e "create database wp; create user wp@localhost identified by 'wp'; grant all on wp.* to wp@localhost"
cp -rL /usr/share/wordpress site 2>/dev/null || true # some of its links lead nowhere
cat >site/wp-config.php <<P
<?php
define('DB_NAME','wp'); define('DB_USER','wp'); define('DB_PASSWORD','wp'); define('DB_HOST','localhost:$D/s');
define('DB_CHARSET','utf8mb4'); define('DB_COLLATE','');
foreach (['AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT','LOGGED_IN_SALT','NONCE_SALT'] as \$k)
	define(\$k, 'test'.\$k);
\$table_prefix='wp_';
define('WP_ENVIRONMENT_TYPE','local');
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__.'/');
require_once ABSPATH.'wp-settings.php';
P
cat >router.php <<P
<?php
\$p = parse_url(\$_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (\$p !== '/' && is_file('$D/site'.\$p)) return false;
\$_SERVER['SCRIPT_NAME']='/index.php'; \$_SERVER['SCRIPT_FILENAME']='$D/site/index.php'; \$_SERVER['PHP_SELF']='/index.php';
chdir('$D/site'); require '$D/site/index.php';
P
PHP_CLI_SERVER_WORKERS=4 php -d display_errors=0 -S "127.0.0.1:$PORT" -t site router.php >php.log 2>&1 &
SITE=http://127.0.0.1:$PORT php -d display_errors=0 -r '
$_SERVER["HTTP_HOST"] = parse_url(getenv("SITE"), PHP_URL_HOST).":".parse_url(getenv("SITE"), PHP_URL_PORT);
define("WP_INSTALLING", true); define("WP_SITEURL", getenv("SITE"));
require "site/wp-load.php"; require "site/wp-admin/includes/upgrade.php";
wp_install("Test", "admin", "admin@example.test", true, "", "Adm1nPass.x");
$wp_rewrite->set_permalink_structure("/%postname%/"); flush_rewrite_rules();
list($p) = WP_Application_Passwords::create_new_application_password(1, ["name" => "test"]);
file_put_contents("password", $p);' >wp-install.log 2>&1
until php -r "exit(@file_get_contents('http://127.0.0.1:$PORT/wp-json/') === false ? 1 : 0);"; do kill -0 $!; sleep 0.1; done
cat password
