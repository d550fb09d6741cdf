# Starts Dovecot and Postfix in the folder D, on ports that are given, with an account for each of
# USERS, whose password is its name and "pw". POLICY is where Postfix asks about each letter.
mkdir -p $D/mail $D/pf/etc $D/pf/spool $D/pf/data $D/run; chmod 755 $D; chown nobody:nogroup $D/mail
openssl req -x509 -newkey rsa:2048 -nodes -keyout $D/key.pem -out $D/cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
for who in $USERS; do echo "$who:{PLAIN}${who}pw::::::"; done > $D/users; chmod 644 $D/users
cat > $D/dovecot.conf <<C
protocols = imap lmtp
listen = 127.0.0.1
base_dir = $D/run
log_path = $D/dovecot.log
ssl = yes
ssl_cert = <$D/cert.pem
ssl_key = <$D/key.pem
disable_plaintext_auth = yes
auth_username_format = %Ln
auth_failure_delay = 0
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = $D/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$D/mail/%Ln
}
service imap-login {
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = $IMAPS
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $LMTP
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = $AUTH
  }
}
protocol lmtp {
  postmaster_address = postmaster@example.test
}
C
dovecot -c $D/dovecot.conf
cat > $D/pf/etc/main.cf <<C
compatibility_level = 3.6
queue_directory = $D/pf/spool
data_directory = $D/pf/data
maillog_file = $D/postfix.log
maillog_file_prefixes = $D
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
myhostname = mail.example.test
myorigin = example.test
mynetworks =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.test, example.org
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:$LMTP
default_transport = error:outside is closed
relay_transport = error:outside is closed
smtpd_tls_security_level = may
smtpd_tls_cert_file = $D/cert.pem
smtpd_tls_key_file = $D/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$AUTH
smtpd_delay_reject = no
smtpd_error_sleep_time = 0
smtpd_sender_restrictions = check_policy_service inet:127.0.0.1:$POLICY
smtpd_data_restrictions = check_policy_service inet:127.0.0.1:$POLICY
smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:$POLICY
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:$POLICY, permit_sasl_authenticated, reject_unauth_destination
message_size_limit = 10485760
import_environment = MAIL_CONFIG=$D/pf/etc
C
cp /usr/share/postfix/master.cf.dist $D/pf/etc/master.cf 2>/dev/null || cp /etc/postfix/master.cf $D/pf/etc/master.cf
sed -i -E "s/^smtp +inet.*/127.0.0.1:$SMTP inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes/
  s/^([a-z]+ +(unix|fifo|unix-dgram) +[-ny] +[-ny] +)[-y]( )/\1n\3/" $D/pf/etc/master.cf
echo "127.0.0.1:$SMTPS inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes" >>$D/pf/etc/master.cf
chown postfix $D/pf/data
postfix -c $D/pf/etc start >$D/pf.out 2>&1 || { cat $D/pf.out; tail $D/postfix.log; }
